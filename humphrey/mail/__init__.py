"""Letters by e-mail, and the one module that speaks SMTP."""
