"""A chat model on a real socket."""
