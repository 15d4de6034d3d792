from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    isbn = models.CharField(max_length=13)
    cover = models.ImageField(upload_to='covers')

    class Meta:
        db_table = 'books'
