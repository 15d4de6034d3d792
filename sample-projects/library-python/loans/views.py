import csv
import os
import tempfile

from django.db import connection
from django.http import HttpResponse


def export(request):
    handle, path = tempfile.mkstemp('.csv')
    os.close(handle)
    with open(path, 'w') as out:
        writer = csv.writer(out)
        cursor = connection.cursor()
        cursor.execute('SELECT m.name, b.title FROM loans l JOIN members m ON m.id = l.member_id JOIN books b ON b.id = l.book_id')
        for row in cursor.fetchall():
            writer.writerow(row)
    data = open(path).read()
    os.remove(path)
    return HttpResponse(data, mimetype='text/csv')
