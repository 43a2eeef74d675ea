"""What a pump can be asked to do: sections and fields, their values, and whether those are right."""
