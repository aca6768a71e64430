"""Pictures as SVG without script. Nothing of Flask."""
