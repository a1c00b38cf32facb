import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { whyNotListed } from '../../shared/api/why-not.ts'
import { lists, ports } from '../app.ts'

bindHttp(whyNotListed(lists), ports.log)
