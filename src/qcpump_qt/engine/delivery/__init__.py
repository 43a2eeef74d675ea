"""How a record gets to the server exactly once, whatever dies when.

The order of things is the whole point: *sending* is committed before a request leaves, the final state
after the answer; a record found in *sending* is asked for by its key before it is sent again.
"""
