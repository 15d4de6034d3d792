DEBUG = True
DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.postgresql_psycopg2',
        'NAME': 'library',
        'USER': 'library',
        'PASSWORD': 'quiet-please',
        'HOST': 'pg1.library.local',
        'PORT': '5432',
    }
}
MEDIA_ROOT = '/var/www/library/media'
SESSION_ENGINE = 'django.contrib.sessions.backends.file'
EMAIL_HOST = 'mail.library.local'
CACHES = {'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': '/var/tmp/library'}}
INSTALLED_APPS = ('catalog', 'members', 'loans')
LOGGING = {
    'version': 1,
    'handlers': {
        'file': {'class': 'logging.FileHandler', 'filename': '/var/log/library/app.log'},
    },
    'root': {'handlers': ['file'], 'level': 'INFO'},
}
