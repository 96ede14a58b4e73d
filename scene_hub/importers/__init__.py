"""What others made becomes scenes and assets of ours."""
