# from https://pypi.org/simple
