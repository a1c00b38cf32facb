export { gramianBlock } from './gramian'
