"""The field's words and what they mean: kept by educators, explained on a tap where a module uses them.

An edition knows nothing of them. They are put into its texts when a page is shown, so that a new or
better explanation changes no edition, no version and no statement.
"""
