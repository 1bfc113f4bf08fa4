"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
# What has been loaded by now stays for good. Looking through it for rubbish again and again took a request
# in a hundred a tenth of a second.
gc.collect()
gc.freeze()
