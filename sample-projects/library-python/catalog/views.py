import os
import urllib2

from django.http import HttpResponse
from django.shortcuts import render

from catalog.models import Book

COVERS = '/var/www/library/media/covers'


def index(request):
    return render(request, 'books.html', {'books': Book.objects.all()})


def cover(request):
    target = os.path.join(COVERS, request.POST['isbn'] + '.jpg')
    with open(target, 'wb') as out:
        for chunk in request.FILES['cover'].chunks():
            out.write(chunk)
    return HttpResponse('ok')


def lookup(isbn):
    return urllib2.urlopen('http://isbn.library.local/lookup?isbn=' + isbn).read()
