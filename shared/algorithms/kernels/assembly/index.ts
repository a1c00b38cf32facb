export { solveRowsBlock } from './als-rows'
export { gramianBlock } from './gramian'
export { rotateBlock } from './rotate'
export { topNBlock } from './top-n'
