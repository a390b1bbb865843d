from . import webhook_door
