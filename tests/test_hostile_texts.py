"""Texts that are made to take long are read in little time, or refused with file and line.

What is measured is no speed: the real command gets a bound on its processor time that what is in
proportion to a text never meets, and what grows with the square of it always does.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from conftest import NOW, SmallSite
from hostile import NESTED, NUMBERED, PIECES
from previewing import previewed  # noqa: F401
