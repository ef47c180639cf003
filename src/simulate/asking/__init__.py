"""From a case and what is asked of it, in words or numbers, to the answer: what the command line and Python have in common.

A module for each question, whose function checks what is asked and gives the work to be done. It raises InputError, with options called as
on the command line.
"""
