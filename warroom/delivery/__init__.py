"""How a page leaves: the providers, and what each answered. The engine says what a provider is."""
