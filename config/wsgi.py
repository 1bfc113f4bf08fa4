"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
# What has been loaded by now stays for good: no request need wait while it is looked through for rubbish.
gc.collect()
gc.freeze()
