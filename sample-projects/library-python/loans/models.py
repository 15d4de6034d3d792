from django.db import models

from catalog.models import Book
from members.models import Member


class Loan(models.Model):
    book = models.ForeignKey(Book)
    member = models.ForeignKey(Member)
    due = models.DateField()

    class Meta:
        db_table = 'loans'
