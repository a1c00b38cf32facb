import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { userProfile } from '../../shared/api/user-profile.ts'
import { ports, shop } from '../app.ts'

bindHttp(userProfile({ shop, ports }), ports.log)
