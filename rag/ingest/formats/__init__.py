"""The formats that lists of papers come in, one module a family."""
