# Run by cron every morning.
import logging
import smtplib

from loans.models import Loan

logging.basicConfig(filename='/var/log/library/reminders.log')


def main():
    server = smtplib.SMTP('mail.library.local', 25)
    for loan in Loan.objects.all():
        server.sendmail('desk', loan.member.email, 'Please bring back ' + loan.book.title)
    server.quit()
