"""Read pages of the GOV.UK Content API and the markup in them."""
