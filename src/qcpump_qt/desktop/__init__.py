"""The desktop program: builds models, views and controllers and connects them."""
