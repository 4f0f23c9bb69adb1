"""vLLM itself, on the processor."""
