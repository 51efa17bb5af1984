"""微信服务号: the callback, the passive reply, 客服消息. wechatpy behind a layer that checks everything."""
