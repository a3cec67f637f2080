"""Field surveys (실태조사) of crisis areas: campaigns of crisis centres and technoparks."""
