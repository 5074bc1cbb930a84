"""Every text a person can get, in every language, held against the rules of accessible chat."""
