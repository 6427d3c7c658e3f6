"""The engine for servers that answer `POST /audio/speech` as OpenAI's does."""
