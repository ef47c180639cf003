"""What an answer looks like: one file for each form. It gets the parts of `simulate.content`, and asks nobody what they are of."""
