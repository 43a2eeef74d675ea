"""The generated form: one editor for each family of fields, boxes for sections, and the tab around them."""
