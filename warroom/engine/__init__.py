"""What happens: the rules of Incident Manager. Knows a store and a clock; no sockets, no SQL text."""
