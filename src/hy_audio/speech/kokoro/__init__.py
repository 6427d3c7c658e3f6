"""The embedded voice: Kokoro-82M v1.0 (int8) on ONNX Runtime, no network and no account."""
