def check_words(c): pass
