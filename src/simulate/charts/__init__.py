"""Charts of the content as pictures: `spec` says what is drawn, in Vega-Lite's grammar; `drawn` has it drawn, as SVG, PNG or PDF.

Chart → spec (a dict) → vl-convert → SVG, PNG, PDF
"""
