"""An answer beside the tables of the workbook that it is of: a copy of it, in which everything else stays as it is, byte for byte."""
