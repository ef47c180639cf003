"""What a run says: content without a language, and its forms."""
