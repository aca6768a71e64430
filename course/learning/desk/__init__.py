"""What the training lead’s desk asks and does."""
