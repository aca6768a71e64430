"""Documents as tagged PDF (PDF/UA-1) by Typst. Nothing of Flask: whoever asks hands over every text as it is read."""
