import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { trending } from '../../shared/api/recommendations.ts'
import { lists, ports } from '../app.ts'

bindHttp(trending(lists), ports.log)
