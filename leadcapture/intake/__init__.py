"""Any payload becomes one stored lead.

decode       bytes -> a tree, and the flat list of a form's parts
controls     what a browser's form says about itself, apart from what the visitor said
answers      any tree -> the list of what the visitor said
mapper       answers -> the canonical fields of a person's enquiry
builders     the shapes of the products that post to us
read         one submission -> one reading for each enquiry in it
signatures   the proof that a builder sent it
handshakes   the questions that builders ask before they send anything
"""
