"""Read English text: sentences, dates, figures, names, markings and differences. Plain Python; nothing is stored."""
