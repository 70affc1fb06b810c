// Tests go here.
