import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { postPreferences } from '../../shared/api/preferences.ts'
import { ports } from '../app.ts'

bindHttp(postPreferences({ ports }), ports.log)
