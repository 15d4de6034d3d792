from django.conf.urls import patterns, url

urlpatterns = patterns('',
    url(r'^books/$', 'catalog.views.index'),
    url(r'^books/cover/$', 'catalog.views.cover'),
    url(r'^loans/export/$', 'loans.views.export'),
)
