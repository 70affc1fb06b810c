// Source goes here.
