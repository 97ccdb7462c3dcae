"""The CRM's own database as a source: asked by a mapping file, read only."""
