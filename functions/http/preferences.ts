import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { getPreferences } from '../../shared/api/preferences.ts'
import { ports } from '../app.ts'

bindHttp(getPreferences({ ports }), ports.log)
