"""From text to kind, object class, nature, unit, scope and urgency, each with its reasons."""

from classifier.classifier import Classifier

__all__ = ["Classifier"]
